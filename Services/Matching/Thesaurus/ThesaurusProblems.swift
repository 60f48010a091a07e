/// What firms call their problems and their goods, and the techniques that answer them.
extension ThesaurusTable {
    static let investigation = """
        gc-ms|가스크로마토그래피 질량분석;기체크로마토그래피 질량분석|gas chromatography mass spectrometry|GC-MS;GCMS|gas-chromatography=0.5,\
        mass-spectrometry=0.5,volatile=0.5,dioxin=0.4,pesticide=0.4|C:267
        lc-ms|액체크로마토그래피 질량분석;탠덤 질량분석|liquid chromatography mass spectrometry;tandem mass spectrometry|LC-MS;LCMS|\
        liquid-chromatography=0.5,mass-spectrometry=0.5,food-analysis=0.5,dioxin=0.5,pesticide=0.4,metabolite=0.5|\
        C:268
        metabolite|대사물질;메타볼롬;대사산물|metabolite;metabolome||omics=0.5,nmr=0.3|C:268
        cell|세포;세포구조;세포 구조;세포생물학|cell;cell biology||live-cell-imaging=0.5,tem=0.4,confocal=0.4,cell-sorting=0.4|\
        C:280-282
        confocal|공초점현미경;공초점 현미경;형광현미경;형광 현미경;광학현미경|confocal microscope;fluorescence microscope;light microscope||\
        live-cell-imaging=0.5,imaging=0.4|know
        cell-sorting|유세포분석;유세포 분석;세포분리|flow cytometry;cell sorting|FACS|diagnosis=0.3|know
        afm|원자현미경;원자힘현미경;주사탐침현미경|atomic force microscope;scanning probe microscope|AFM|surface-analysis=0.5|know
        surface-analysis|표면분석;표면 분석;표면 성분;광전자분광|surface analysis;photoelectron spectroscopy|XPS|sims=0.5,sem=0.4,\
        coating=0.3|know
        cryo-em|극저온전자현미경;극저온 전자현미경;크라이오 전자현미경|cryo-electron microscopy|cryo-EM|structure-analysis=0.5,protein=0.5,\
        super-resolution=0.4,tem=0.5|C:274; know
        microscope|현미경;현미경 관찰|microscope;microscopy||imaging=0.4,electron-microscope=0.4,tem=0.3,observation=0.4|\
        C:244-282
        observation|관찰;육안;가시화|observation;visualising||imaging=0.5|C:244
        element-analysis|원소분석;원소 분석;성분분석;성분 분석;정량 분석;정성 분석;정성/정량 분석|elemental analysis;composition analysis;\
        quantitative analysis||mass-spectrometry=0.4,xrf=0.5,gc-ms=0.4|know
        xrf|형광엑스선;X선 형광|X-ray fluorescence|XRF||know
        ct-scan|컴퓨터단층촬영;단층촬영;엑스선 영상;X선 영상;3차원 영상|computed tomography;X-ray imaging|CT/단층;X선;엑스선;영상;촬영;scan|\
        nondestructive=0.5,internal-defect=0.5|know
        internal-defect|내부결함;내부 결함;균열;크랙;기공|internal defect;crack;void||nondestructive=0.5,ultrasound=0.5,\
        reliability=0.3|know
        contamination|오염;이물;이물질;불순물;파티클|contamination;foreign matter;impurity;particle||element-analysis=0.4,\
        cleanroom=0.4,surface-analysis=0.4,washing=0.4|know
        metrology|측정;계측;정밀측정;정밀 측정;측정 표준|metrology;measurement||sensor=0.4,calibration=0.5,precision=0.4|know
        calibration|교정;표준물질;소급성|calibration;reference material;traceable standard||standardisation=0.4,\
        certification=0.4|know
        precision|정밀도;정확도;공차;치수|precision;accuracy;tolerance||calibration=0.4,precision-machining=0.5|know
        data-generation|데이터 생산;대용량 데이터;실험 데이터;실험 자료;대량의 데이터;데이터 해석기술|experimental data;large volumes of data||\
        big-data=0.5,data-analysis=0.5,data-management=0.5|C:310,320
        quantification|정량화;수치화;객관적|quantification;quantified||biomarker=0.5,metrology=0.4|C:300
        laboratory-automation|실험실 자동화;자율실험실;자동 분석;대량화;신속화|laboratory automation;self-driving lab||automation=0.5,\
        robot=0.4,artificial-intelligence=0.3|C:318; know
        sample-preparation|시료전처리;전처리 장비;시편 제작|sample pretreatment||sample-management=0.5,element-analysis=0.4,\
        equipment-package=0.4|P:995
        equipment-package|패키지 개발;융합장비;장비 패키지|equipment package;integrated instrument||research-equipment=0.5|P:994
        performance-evaluation|성능평가;성능 평가;성능검증;성능 검증;성능시험|performance evaluation;performance test||\
        certification=0.5,reliability=0.5,demonstration=0.4|P:965,1471
        equipment-purchase|장비 도입;장비구축;장비 보급;보급확대|equipment purchase;equipment supply||research-equipment=0.4,\
        performance-evaluation=0.3|P:965
        genome-information|생명정보;생물정보;바이오인포매틱스|bioinformatics;biological information||gene=0.5,ngs=0.5,omics=0.5,\
        big-data=0.3|C:238
        epidemic|질병 확산;팬데믹;신종 감염;역학조사;방역체계|epidemic;pandemic;epidemic control||infection=0.5,pcr=0.4,vaccine=0.4,\
        diagnosis=0.4|C:303
        disease-target|질환표적;치료표적;질병 표적;타깃 발굴|disease target;therapeutic target||drug-target=0.5,drug-discovery=0.4,\
        drug-screening=0.4,protein-interaction=0.4|C:313
        candidate|후보물질;후보약물;유효물질;선도물질;화합물 라이브러리|drug candidate;lead compound;hit compound||drug-screening=0.5,\
        drug-discovery=0.5,toxicity-screening=0.5,protein-interaction=0.5|C:258,313
        drug-approval|신약;신약 허가;의약품;제약산업;제약회사;제약분야;제약업체|new drug;pharmaceutical||clinical-trial=0.5,preclinical=0.5,\
        drug-discovery=0.5|P:615
        immune-diagnosis|면역진단;분자진단;면역 진단;분자·면역 진단|immunoassay;molecular diagnostics||diagnosis=0.5,\
        antibody-drug=0.3,pcr=0.5|P:631
        antibody|항체;단클론항체|antibody||antibody-drug=0.5,immune-diagnosis=0.4,vaccine=0.3|know
        cell-therapy|면역세포치료;치료법;유전자요법;첨단재생|immune cell therapy;advanced therapy|ATMP;CAR-T|stem-cell=0.5,\
        gene-therapy=0.5|M:1006-1018
        space-bio|우주 바이오;미세중력;우주의학|space biology;microgravity||space=0.4,nanomedicine=0.3|P:623
        medical-device|의료기기;의료장비;수술로봇;의료용|medical device;surgical robot||clinical-trial=0.4,robot=0.3,\
        certification=0.4|know
        medical-ai|의료 인공지능;의료AI;의료·AI;의료영상;판독|medical AI;medical imaging;computer-aided diagnosis||\
        artificial-intelligence=0.5,diagnosis=0.5,hospital=0.3|P:2122
        medical-data|의료 데이터;의료데이터;전자의무기록;임상데이터;환자 정보|medical data;electronic medical record|EMR;EHR|big-data=0.5,\
        privacy=0.5,medical-ai=0.5|P:2123
        patient|환자;환자 중심|patient;patient-centred||clinical-trial=0.4,hospital=0.5,precision-medicine=0.4,\
        drug-discovery=0.3|M:1098
        sleep|수면;불면|sleep;insomnia||health-monitoring=0.4,wearable=0.3|know
        diabetes|당뇨;혈당|diabetes;blood glucose||biosensor=0.4,health-monitoring=0.5|know
        skin|피부;탈모;주름|skin;hair loss;wrinkle||cosmetics=0.5,natural-product=0.4|know
        functional-food|건강기능식품;기능성 식품;식이보충제|functional food;dietary supplement||natural-product=0.5,microbiome=0.4,\
        food-processing=0.4|know
        food-processing|식품가공;식품 가공;식품공정;가공식품|food processing||food-analysis=0.3,agri-tech=0.5,shelf-life=0.4|M:787
        shelf-life|유통기한;신선도;변질;부패;선도 유지|shelf life;freshness;spoilage||food-packaging=0.5,cold-chain=0.5,\
        antibacterial=0.4|know
        food-packaging|식품포장;식품 포장;포장재|food packaging||recycling=0.3|know
        cold-chain|콜드체인;저온유통;냉장|cold chain;refrigeration||logistics=0.5,iot=0.3|know
        agri-tech|농식품;농식품기술;애그테크;농업기술|agri-food technology;agritech||crop=0.5,smart-farm=0.5|M:784-787
        breeding|육종;종자;품종개량;품종 개량;유전체학|plant breeding;seed;genomics||gene-editing=0.5,crop=0.5,agri-tech=0.5,\
        omics=0.5|M:784
        grain|곡물;밀;콩;벼;카놀라;수확물|grain;wheat;soybean;canola;rice||crop=0.5,breeding=0.5,agri-tech=0.5|M:780
        livestock|축산;가축;가축 질병;축사|livestock;animal husbandry||odour=0.4,avian-influenza=0.4,smart-farm=0.3|know
        pest|병해충;해충;방제|pest;pest control||drone=0.4,crop=0.5,pesticide=0.4|know
        """

    static let problems = """
        defect|불량;불량률;불량품;결함;수율;수율 저하|defect;defect rate;yield loss||inspection=0.5,machine-vision=0.5,\
        failure-prediction=0.3,process-monitoring=0.5|know
        process-monitoring|공정 모니터링;공정모니터링;공정 데이터;공정데이터;공정 제어;공정제어|process monitoring;process control;process data||\
        sensor=0.5,smart-factory=0.5,data-analysis=0.4,monitoring=0.5|P:859
        cost|원가;원가 절감;비용 절감;비용절감;저비용;제조단가|cost;cost reduction;low cost||productivity=0.5,automation=0.4,\
        process-optimisation=0.4|know
        process-optimisation|공정개선;공정 개선;사이클타임;리드타임|process improvement;cycle time;lead time||casting-simulation=0.5,\
        digital-twin=0.4,productivity=0.5|know
        manual-work|수작업;단순반복;반복작업;반복적인|manual work;repetitive work||automation=0.5,robot=0.5,contract-research=0.3|\
        know
        downtime|고장;설비 정지;가동중단;비가동;돌발정지|breakdown;downtime||failure-prediction=0.5,reliability=0.4|know
        wear|마모;피로파괴;수명 저하;수명저하;파손|wear;fatigue;fracture||coating=0.5,reliability=0.5,lubrication=0.5|know
        lubrication|윤활;윤활유;마찰|lubrication;friction;tribology||coating=0.3|know
        leakage|누설;누출;밀봉;기밀|leakage;leak detection;sealing||sensor=0.4,gas-sensor=0.5,ultrasound=0.3|know
        gas-sensor|가스센서;가스 센서;유해가스;가스 검지|gas sensor;hazardous gas||sensor=0.5,industrial-safety=0.4,air-quality=0.4|\
        know
        discolouration|변색;황변;퇴색;열화|discolouration;yellowing;degradation||coating=0.4,polymer=0.4|know
        polymer|고분자;플라스틱;수지;폴리머|polymer;plastic;resin||composite=0.4,recycling=0.3|know
        adhesive|접착;접착제;점착;본딩|adhesive;bonding||polymer=0.4,packaging=0.3|know
        insulation|단열;단열재;에어로젤|thermal insulation;aerogel||energy-efficiency=0.5,retrofit=0.5|P:1579
        retrofit|리트로핏;그린리모델링;노후건물;노후 건축물;건물 에너지;제로에너지|building retrofit;green remodelling;zero-energy building||\
        energy-efficiency=0.5,renewable-energy=0.3|P:1578-1579
        clean-growth|청정 성장;탈탄소;탈탄소화;저탄소 경제;청정에너지;기후변화;기후 변화|clean growth;decarbonised;clean energy;climate change||\
        carbon-neutral=0.5,energy-system=0.5,renewable-energy=0.5,marine-energy=0.4|M:1071,1112
        energy-system|에너지 시스템;에너지시스템;에너지관리;에너지 관리|energy system;energy management|EMS/에너지;energy;전력|smart-grid=0.5,\
        energy-efficiency=0.5,renewable-energy=0.4|M:1068
        carbon-footprint|탄소발자국;탄소저감;탄소 저감;전과정평가;배출량|carbon footprint;emissions monitoring;life cycle assessment|\
        LCA/탄소;환경;carbon|carbon-neutral=0.5,smart-grid=0.4,monitoring=0.3|P:1581
        smart-power-grid|스마트전력망;마이크로그리드;수요반응|microgrid;demand response||smart-grid=0.5,carbon-footprint=0.4|P:1581
        wastewater|폐수;오폐수;담수화;녹조|wastewater;desalination;algal bloom||water-industry=0.5,membrane=0.5,microbe=0.4|\
        know
        soil|토양;지하수|soil;groundwater||environment-monitoring=0.4,microbe=0.3|know
        microplastic|미세플라스틱|microplastics||environment-analysis=0.5,spectroscopy=0.4|know
        cleanroom|청정실;클린룸 관리;공조|clean room;air conditioning||wafer=0.4,air-quality=0.3|know
        washing|세정;세척|cleaning;washing||wafer=0.4,ultrasound=0.3,plasma=0.4|know
        machining|기계가공;공작기계;절삭가공;연삭|machining;machine tool;grinding|CNC|precision-machining=0.5|know
        engineering-design|엔지니어링 설계;설계 역량;제품설계;부품설계;설계 해석;디지털 엔지니어링|engineering design;product design|CAD;CAE|\
        simulation=0.5,digital-transformation=0.4,root-industry=0.4,digital-twin=0.4|P:849-853
        traditional-industry|전통제조;전통제조업;전통산업;중소제조;제조기업|traditional manufacturing;small manufacturers||\
        digital-transformation=0.5,root-industry=0.5,smart-factory=0.5|P:834
        added-value|고부가가치;부가가치 향상;부가가치 극대화|added value;high value||productivity=0.4,digital-transformation=0.4,\
        advanced-manufacturing=0.4|P:836; M:1081
        advanced-manufacturing|첨단 제조;첨단제조;차세대 제조;제조 기술;고부가가치 제조;제조역량 육성|advanced manufacturing||\
        additive-manufacturing=0.5,robot=0.5,iot=0.4,machine-learning=0.3,smart-factory=0.5|M:793-803
        weight-of-parts|무게;중량;중량 감소|weight;mass reduction||light-weighting=0.5,composite=0.5|know
        titanium|티타늄;알루미늄;마그네슘;합금|titanium;aluminium;magnesium;alloy||light-weighting=0.5,\
        additive-manufacturing=0.4|know
        rare-earth|희토류;핵심광물;자원 확보;도시광산|rare earth;critical minerals;urban mining||recycling=0.5,supply-chain=0.4|\
        know
        ceramic|세라믹;소결|ceramic;sintering||nanomaterial=0.3,powder=0.4|know
        powder|분말;금속분말|powder;metal powder||additive-manufacturing=0.4|know
        textile|섬유;직물;의류|textile;fabric||wearable=0.3,nanomaterial=0.3|know
        catalyst|촉매;촉매 공정|catalyst||hydrogen=0.3,carbon-capture=0.4,fuel-cell=0.4|know
        printed-electronics|인쇄전자;유연전자;플렉서블;스트레처블|printed electronics;flexible electronics||display=0.4,wearable=0.4|\
        know
        chip-design|설계자산;회로설계;집적회로;칩 설계|chip design;integrated circuit design|EDA;ASIC|system-semiconductor=0.5,\
        ai-chip=0.4,semiconductor=0.5,display-driver=0.4|P:568
        parts-test|소재 평가;부품·소재;부품 소재;소재·부품;소재부품|materials and parts;materials evaluation||materials-parts=0.5,\
        semiconductor=0.3,demonstration=0.4,certification=0.4|P:561
        photonics|포토닉스;광반도체;광통신;광센서|photonics;optical communication||laser=0.5,optical=0.5,network=0.4|know
        rf|고주파;밀리미터파;안테나;무선통신|radio frequency;millimetre wave;antenna;wireless communication|RF|network=0.5,\
        lidar=0.3,compound-rf=0.4|P:2114
        compound-rf|컴파운드 반도체;화합물 반도체|compound semiconductor applications||power-semiconductor=0.5,semiconductor=0.5|\
        M:1022-1028
        quantum|양자;양자기술;퀀텀;양자통신|quantum technology;quantum communication||quantum-computing=0.5,cryptography=0.4,\
        quantum-sensor=0.5|P:1107
        high-performance-computing|고성능컴퓨팅;슈퍼컴퓨터;그래픽처리장치|high performance computing;supercomputer|HPC;GPU|\
        simulation=0.4,artificial-intelligence=0.4,quantum-computing=0.4|know
        resource-development|자원개발;자원탐사;광산;지질|resource development;mining;exploration||data-analysis=0.4,drone=0.3,\
        digital-twin=0.3|M:756
        immersive|몰입형;몰입형 기술;홀로그램|immersive technology;hologram||virtual-reality=0.5,metaverse=0.5|M:1064
        digital-competitiveness|디지털 기술;디지털 혁신;디지털 신산업;디지털 융합;첨단 디지털|digital technology;digital innovation||\
        artificial-intelligence=0.4,iot=0.4,network=0.4,cloud=0.4,metaverse=0.4,blockchain=0.3,\
        digital-transformation=0.5|P:896; M:1052
        dna-technology|데이터·네트워크·인공지능;데이터 네트워크 인공지능|data, network and AI|DNA/Network;네트워크;Data;디지털 뉴딜|\
        digital-competitiveness=0.5,big-data=0.5,network=0.4|P:926
        intelligent-supply|지능형 공급망;공급망 관리;조달;재고관리;재고|supply chain management;procurement;inventory||\
        supply-chain=0.5,artificial-intelligence=0.5,logistics=0.4|M:819-822
        citizen-opinion|시민의견;시민 의견;주민의견;민원|citizens' opinions;complaints||big-data=0.4,living-lab=0.5,\
        data-platform=0.4|P:815
        social-problem|사회문제;현안사항;사회 문제;지역현안;지역문제|social problem;local issues||living-lab=0.5,smart-city=0.4,\
        public-safety=0.4|P:817; C:377
        urban-future|미래 도시;도시혁신;도심형;도시재생|future city;urban regeneration||smart-city=0.5,mobility=0.4|M:1037
        transfer-centre|환승센터;수직이착륙장;버티포트|transfer centre;vertiport||uam=0.5,mobility=0.5|P:1113,1179
        parking|주차;주차난;불법주차|parking||sensor=0.3,smart-city=0.4,machine-vision=0.3|know
        pedestrian|보행자;어린이 보호구역;교통약자|pedestrian;school zone||machine-vision=0.4,traffic=0.5|know
        service-robot|서비스로봇;협동로봇;물류로봇;자율이동로봇|service robot;collaborative robot;autonomous mobile robot|AMR;AGV|\
        robot=0.5,automation=0.4,logistics=0.4|know
        gripper|그리퍼;로봇손;매니퓰레이터;로봇팔|gripper;robot hand;manipulator||robot=0.5|know
        battlefield|미래전장;미래전;전장;전투체계;과학기술강군|future battlefield;warfare;combat system||manned-unmanned=0.5,\
        defence=0.5,artificial-intelligence=0.3,drone=0.4|P:653
        weapon-quality|방산부품;방산 부품;군수품;국방신뢰성;국방규격|defence parts;military quality||certification=0.5,reliability=0.5,\
        defence=0.5|P:685,690
        armour|방탄;장갑|armour;ballistic protection||composite=0.4,ceramic=0.4,defence=0.4|know
        wargame|워게임;전투 시뮬레이션;지휘통제|wargame;command and control|C4I|simulation=0.5,defence=0.5,\
        artificial-intelligence=0.3|know
        space-parts|우주 제품;우주장비;우주부품;우주기기;위성부품|space products;space components||space=0.5,space-heritage=0.5,\
        thermal-vacuum=0.5,reliability=0.4|P:728-745
        thermal-vacuum|열진공;열진공챔버;진공챔버;환경시험|thermal vacuum chamber;environmental test||space-heritage=0.5,\
        reliability=0.5|P:745
        space-education|우주교육;우주기술 입문자;입문자;천문우주|space education;beginners||cubesat=0.5,education=0.4|P:752
        space-standard|인증 표준;우주 인증;우주표준|space standard;certification standard||certification=0.5,\
        standardisation=0.5,space-parts=0.4|P:733
        small-satellite|초소형 인공위성;소형위성;저궤도|small satellite;low earth orbit|LEO/위성;궤도;orbit;satellite|cubesat=0.5,\
        satellite=0.5|P:729,753
        precision-agri-image|작황 예측;산림;토지피복|crop forecast;forest monitoring;land cover||satellite-imagery=0.5,\
        drone=0.4|know
        """
}
